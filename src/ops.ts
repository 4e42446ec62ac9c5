/** The public names of `shapewright/ops`, one a line: operations with weights, on tensors. The layers of the same names are in `shapewright`. */
export {}
