module github.com/k3s-io/k3s

go 1.19
