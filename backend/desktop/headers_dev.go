//go:build dev

package desktop

// devConnect lets a browser reach the development server, over which it calls the bound methods.
const devConnect = " ws:"
