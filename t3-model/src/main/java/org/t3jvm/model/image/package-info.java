/**
 * Still pictures as they come in: reading image files, and resizing them as upstream does (SPEC
 * 13).
 */
@NullMarked
package org.t3jvm.model.image;

import org.jspecify.annotations.NullMarked;
