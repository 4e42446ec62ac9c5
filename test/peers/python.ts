/** The Python whose packages these tests hold the library against: `SHAPEWRIGHT_PYTHON=path`, else the one on the path. */
export const python = process.env.SHAPEWRIGHT_PYTHON ?? 'python3'
