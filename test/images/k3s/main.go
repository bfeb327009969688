// A stand-in for the k3s program: a real Go executable that carries k3s' version the way the real one does.
package main

import (
	"os"

	"github.com/k3s-io/k3s/pkg/version"
)

func main() {
	os.Stdout.WriteString("k3s version " + version.Version + "\n")
}
