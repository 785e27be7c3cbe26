/** OpenCL devices through their driver alone: generated text, run by the Foreign Function API. */
@NullMarked
package org.t3jvm.accel.opencl;

import org.jspecify.annotations.NullMarked;
