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

const COMPONENTS = [
  Button,
  CharacterCount,
  Checkboxes,
  ErrorSummary,
  NotificationBanner,
  PasswordInput,
  Radios,
  ServiceNavigation,
  SkipLink,
];

const aMoment = () => new Promise((go) => setTimeout(go));

/** Starts one after another, with a moment between them in which the page answers whoever uses it. */
export async function startComponents() {
  for (const Component of COMPONENTS) {
    for (const element of document.querySelectorAll(`[data-module="${Component.moduleName}"]`)) {
      await aMoment();
      try {
        new Component(element);
      } catch (problem) {
        // As the design system's own createAll does: the page is complete without.
        console.log(problem);
      }
    }
  }
}
