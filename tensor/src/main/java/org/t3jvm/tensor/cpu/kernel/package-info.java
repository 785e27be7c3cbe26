/** What a kernel is: independent tasks over the values of a run. */
@NullMarked
package org.t3jvm.tensor.cpu.kernel;

import org.jspecify.annotations.NullMarked;
