// The parts that are on the page.

/**
 * Every part by its name: {show(message), destroy()}, and what its kind can besides: notify(notices) says sentences
 * beside what stays, follow(field, value) goes along with a control that moves, resize() fits it into the window.
 */
export const parts = new Map();
