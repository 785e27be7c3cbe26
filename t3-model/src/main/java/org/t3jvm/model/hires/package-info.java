/** How a second, larger pass is made of the first (SPEC 20, 21). */
@NullMarked
package org.t3jvm.model.hires;

import org.jspecify.annotations.NullMarked;
