/* A page that is opened as a file can fetch no other, and so shows no summary of it. */
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
