@NullMarked
package org.t3jvm.loaders.names;

import org.jspecify.annotations.NullMarked;
