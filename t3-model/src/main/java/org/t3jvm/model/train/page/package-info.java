/** The page that shows how a training goes: curves and sample pictures in one HTML file. */
@NullMarked
package org.t3jvm.model.train.page;

import org.jspecify.annotations.NullMarked;
