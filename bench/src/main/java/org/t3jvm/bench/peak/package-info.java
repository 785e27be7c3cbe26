/** What the machine can do at best, measured beside the cases. */
@NullMarked
package org.t3jvm.bench.peak;

import org.jspecify.annotations.NullMarked;
