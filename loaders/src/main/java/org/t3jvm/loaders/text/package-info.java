/** Text from files and servers made safe for one-line messages. */
@NullMarked
package org.t3jvm.loaders.text;

import org.jspecify.annotations.NullMarked;
