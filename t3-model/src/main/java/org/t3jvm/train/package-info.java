/** What a training is asked to do, as values and as JSON, and what it reports. */
@NullMarked
package org.t3jvm.train;

import org.jspecify.annotations.NullMarked;
