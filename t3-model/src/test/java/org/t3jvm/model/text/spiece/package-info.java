@NullMarked
package org.t3jvm.model.text.spiece;

import org.jspecify.annotations.NullMarked;
