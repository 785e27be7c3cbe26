/** How a clip and its caption become what is trained on: read, cut to size, encoded. */
@NullMarked
package org.t3jvm.model.train.data.encode;

import org.jspecify.annotations.NullMarked;
