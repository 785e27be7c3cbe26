/**
 * GPU backends through TornadoVM, the only place where its types may appear. This version holds no
 * kernels: its providers report, for each kind of device, what is missing and how to get it.
 */
@NullMarked
package org.t3jvm.accel;

import org.jspecify.annotations.NullMarked;
