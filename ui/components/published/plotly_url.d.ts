/** Where Plotly's script lies, seen from our modules. */
declare const url: string;
export default url;
