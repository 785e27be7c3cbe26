/**
 * Weights stored as codes with scales beside them: an I8 tensor of codes {@code NAME} and, beside
 * it, the F32 scales {@code NAME.q8_scale} of {@link org.t3jvm.tensor.quantize.Q8}.
 */
@NullMarked
package org.t3jvm.loaders.scaled;

import org.jspecify.annotations.NullMarked;
