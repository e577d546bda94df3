"""Word: the report as a document that committees edit, beside the page and the PDF and with the page's words."""

OPENS = {"forms": "mpr_lib.word.exporter:word_form", "reads": "mpr_lib.word.styles:read_template"}
