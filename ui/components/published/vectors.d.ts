/** figures/colours.py: the colour of each vector, by its letter. */
declare const vectors: Record<string, string>;
export default vectors;
