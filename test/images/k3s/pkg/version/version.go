// Package version holds what the linker writes (-X github.com/k3s-io/k3s/pkg/version.Version=...).
package version

var Version = "dev"
