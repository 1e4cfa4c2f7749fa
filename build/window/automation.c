/*
 * A library for tests, loaded into the unmodified program by LD_PRELOAD: it lets WebKitWebDriver drive the window's page.
 *
 * WebKitGTK hands only such a view to a driver that was created "controlled by automation" in a context that allows it, and Wails
 * asks for neither. This library takes the place of the one function by which Wails makes its view, asks for both, and gives the
 * view to the driver's session. It is never part of what is shipped.
 */
#include <webkit2/webkit2.h>

static WebKitWebView *window_view;

static WebKitWebView *give_view(WebKitAutomationSession *session, gpointer data)
{
	(void)session;
	(void)data;
	return window_view;
}

static void on_automation(WebKitWebContext *context, WebKitAutomationSession *session, gpointer data)
{
	(void)context;
	(void)data;
	WebKitApplicationInfo *info = webkit_application_info_new();
	webkit_application_info_set_name(info, "Seatkeeper");
	webkit_application_info_set_version(info, 1, 0, 0);
	webkit_automation_session_set_application_info(session, info);
	webkit_application_info_unref(info);
	g_signal_connect(session, "create-web-view", G_CALLBACK(give_view), NULL);
}

GtkWidget *webkit_web_view_new_with_user_content_manager(WebKitUserContentManager *manager)
{
	WebKitWebContext *context = webkit_web_context_get_default();
	g_signal_connect(context, "automation-started", G_CALLBACK(on_automation), NULL);
	webkit_web_context_set_automation_allowed(context, TRUE);
	window_view = g_object_new(WEBKIT_TYPE_WEB_VIEW, "web-context", context, "user-content-manager", manager,
				   "is-controlled-by-automation", TRUE, NULL);
	return GTK_WIDGET(window_view);
}
