/** The model on devices, where one can start, beside the CPU. */
@org.jspecify.annotations.NullMarked
package org.t3jvm.model.device;
