// The design system's scripts that our pages need, by their data-module, and no other: `manage.py assets` builds them
// into one small file. A component that is new on a page is added here; the tests say so.

import {
  Button,
  CharacterCount,
  Checkboxes,
  createAll,
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

export function startComponents() {
  COMPONENTS.forEach((component) => createAll(component));
}
