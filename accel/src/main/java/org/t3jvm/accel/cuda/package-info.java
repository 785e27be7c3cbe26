/** NVIDIA GPUs through CUDA's driver alone, by the Foreign Function API. */
@NullMarked
package org.t3jvm.accel.cuda;

import org.jspecify.annotations.NullMarked;
