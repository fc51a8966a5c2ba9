/** A target. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#1f2937" stroke-width="1.8"><circle cx="11" cy="13" r="8"/><circle cx="11" cy="13" r="4"/><path d="M11 13 20 4M16.5 3.5V8H21" stroke="#e11d48" stroke-linecap="round" stroke-linejoin="round"/></svg>';
