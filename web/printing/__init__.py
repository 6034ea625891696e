"""Print-outs as PDF: text set by reportlab, in a Chinese font of which only the used characters travel."""
