@NullMarked
package org.t3jvm.loaders.convert;

import org.jspecify.annotations.NullMarked;
