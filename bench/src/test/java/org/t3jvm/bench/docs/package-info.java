/** The documentation against the project: references, links, commands, the option reference. */
@NullMarked
package org.t3jvm.bench.docs;

import org.jspecify.annotations.NullMarked;
