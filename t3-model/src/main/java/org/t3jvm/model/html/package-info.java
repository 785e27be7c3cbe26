/** Pages that need nothing but themselves: one style, tables, charts as SVG, pictures inside. */
@NullMarked
package org.t3jvm.model.html;

import org.jspecify.annotations.NullMarked;
