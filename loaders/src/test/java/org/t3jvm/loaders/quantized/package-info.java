@NullMarked
package org.t3jvm.loaders.quantized;

import org.jspecify.annotations.NullMarked;
