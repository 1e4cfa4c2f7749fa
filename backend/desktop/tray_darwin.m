#import <Cocoa/Cocoa.h>

extern void seatkeeperTrayStart(void);

// Calls back into Go on the main thread, after the window's own start.
void seatkeeperTrayOnMain(void) {
  dispatch_async(dispatch_get_main_queue(), ^{ seatkeeperTrayStart(); });
}
