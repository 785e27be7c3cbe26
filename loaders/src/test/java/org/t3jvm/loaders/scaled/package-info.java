@NullMarked
package org.t3jvm.loaders.scaled;

import org.jspecify.annotations.NullMarked;
