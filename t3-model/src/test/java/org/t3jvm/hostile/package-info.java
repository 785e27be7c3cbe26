/** Damaged and hostile files of every kind that the program reads. */
@NullMarked
package org.t3jvm.hostile;

import org.jspecify.annotations.NullMarked;
