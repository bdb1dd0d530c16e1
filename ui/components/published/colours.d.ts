/** figures/colours.py: the colours of each theme by name. */
declare const colours: Record<import("../types.js").Theme, Record<string, string>>;
export default colours;
