/** What models cost on devices that can start here: transfers, compilations. */
@NullMarked
package org.t3jvm.bench.device;

import org.jspecify.annotations.NullMarked;
