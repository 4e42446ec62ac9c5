/**
 * Coefficients of the vector math, from the constant term up: minimax polynomials by scripts/generate-polynomials.ts.
 * Generated: change the script, not this file.
 */

/** (e^r - 1 - r) / r^2 on |r| <= ln 2 / 2; the error is relative to e^r. At most 3.1e-9, before rounding to f32. */
export const expTail: readonly number[] = [
  0.4999999403953552, 0.1666652113199234, 0.04166838899254799, 0.008368716575205326, 0.0013814611593261361,
]

/** (2^f - 1) / f on |f| <= 1/2; the error is relative. At most 1.1e-8, before rounding to f32. */
export const exp2Quotient: readonly number[] = [
  0.6931471824645996, 0.24022649228572845, 0.05550357326865196, 0.009618237614631653, 0.0013390746898949146, 0.00015403515135403723,
]

/** (2 atanh(s) / s - 2) / z, z = s^2, s = (m - 1) / (m + 1), m from sqrt(1/2) to sqrt 2; the error is relative to log m. At most 8.1e-10, before rounding to f32. */
export const logTail: readonly number[] = [0.6666677594184875, 0.39977535605430603, 0.2987186312675476]

/** log2(m) / s, by z as above. At most 4.2e-12, before rounding to f64. */
export const log2Quotient: readonly number[] = [
  2.8853900817901468, 0.9617966732758296, 0.5770835961649439, 0.4116721102855775, 0.3407404457165902,
]

/** (sin r - r) / r^3, by z = r^2, on |r| <= pi/4; the error is relative to r. At most 3.6e-9, before rounding to f32. */
export const sineTail: readonly number[] = [-0.16666655242443085, 0.008332177996635437, -0.00019517233886290342]

/** (cos r - 1 + r^2/2) / r^4, by z = r^2, on |r| <= pi/4; the error is absolute. At most 9.5e-11, before rounding to f32. */
export const cosineTail: readonly number[] = [0.04166664555668831, -0.0013887366512790322, 0.000024438379114144482]

/** log2(1 - erf -t) / t on -4 <= t <= 0; the error is relative to erf t. At most 4.0e-9, before rounding to f32. */
export const erfRate: readonly number[] = [
  1.6279070377349854, -0.9184476137161255, 0.14827705919742584, 0.027632029727101326, -0.0002314024604856968, -0.0024050120264291763,
  -0.0009129904792644083, -0.00016972044249996543, -0.00001335396427748492,
]
