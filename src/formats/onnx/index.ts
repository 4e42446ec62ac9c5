/** The subpath `shapewright/onnx`: models as ONNX files. It needs the package `pbf`. */
export { exportOnnx, type NotInOnnx, type OnnxError, type OnnxOptions } from './export.ts'
