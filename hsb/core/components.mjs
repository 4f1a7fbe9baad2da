// The design system's scripts that our pages need, by their data-module, and no other: `manage.py assets` builds them
// into one small file. A component that is new on a page is added here; the tests say so.

import {
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
} from "govuk-frontend";

// Those first that take the focus: nobody is to be typing by then.
const COMPONENTS = [
  ErrorSummary,
  NotificationBanner,
  Button,
  CharacterCount,
  Checkboxes,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
];
const AT_ONCE = 20; // milliseconds; then the page answers whoever uses it

/** Starts one component after another. */
export async function startComponents() {
  let began = performance.now();
  for (const Component of COMPONENTS) {
    for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
      if (performance.now() - began > AT_ONCE) {
        await new Promise((goOn) => setTimeout(goOn));
        began = performance.now();
      }
      try {
        new Component(element);
      } catch (problem) {
        // As the design system's own createAll does: the page is complete without.
        console.log(problem);
      }
    }
  }
}
