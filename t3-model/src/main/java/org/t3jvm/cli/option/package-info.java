/** Options as users type them. */
@NullMarked
package org.t3jvm.cli.option;

import org.jspecify.annotations.NullMarked;
