/** The public names of `shapewright/files`: what reads and writes files, in Node only. */
export {
  type CheckpointError,
  type CheckpointFolder,
  type CheckpointsOptions,
  checkpointsIn,
} from './checkpoints.ts'
export type { FileError } from './file-error.ts'
export {
  type LoadParamsError,
  type LoadParamsOptions,
  loadParams,
  type SaveParamsError,
  saveParams,
} from './params.ts'
export { fileSource } from './source.ts'
