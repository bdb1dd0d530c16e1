// The parts that are on the page.

/**
 * Every part by its name: {value, show(message), destroy()}, where `value` is the settings that it shows, and what its
 * kind can besides: notify(notices) says sentences beside what stays, settle() lets a screen reader hear it,
 * follow(field, value) goes along with a control that moves, resize() fits it into the window.
 */
export const parts = new Map();
