/** Programs that stay compiled from one job to the next. */
@NullMarked
package org.t3jvm.model.warm;

import org.jspecify.annotations.NullMarked;
