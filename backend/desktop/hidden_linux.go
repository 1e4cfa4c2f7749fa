//go:build linux && (dev || production)

package desktop

/*
#cgo pkg-config: gtk+-3.0
#include <gtk/gtk.h>

static void (*show_all)(GtkWidget *);
static gboolean made;

// Makes the first window with all that is in it and leaves it to be shown later; every other one is shown as usual.
static void make_first_only(GtkWidget *window) {
	if (made) {
		show_all(window);
		return;
	}
	made = TRUE;
	gtk_widget_show_all(gtk_bin_get_child(GTK_BIN(window)));
	gtk_widget_realize(window);
}

static void keep_hidden(void) {
	GtkWidgetClass *class = g_type_class_ref(GTK_TYPE_WINDOW);
	show_all = class->show_all;
	class->show_all = make_first_only;
}
*/
import "C"

// keepHidden keeps Wails from showing a window that starts hidden: it shows every window once, and queues a hide, which is seen as a flash.
// Call it before Wails makes the window.
func keepHidden() { C.keep_hidden() }
