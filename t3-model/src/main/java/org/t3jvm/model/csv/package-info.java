/** Tables of separated values. */
@NullMarked
package org.t3jvm.model.csv;

import org.jspecify.annotations.NullMarked;
