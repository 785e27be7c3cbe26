/** Elements: text is always text, never markup. */

/** The element of an id, which the page has. */
export const byId = (id) => document.getElementById(id);

/**
 * A new element.
 *
 * @param tag of it
 * @param properties `on...` functions listen, names with a dash are attributes, others are set
 * @param children elements and texts
 */
export function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.includes('-')) {
      element.setAttribute(name, value);
    } else {
      element[name] = value;
    }
  }
  element.append(...children.filter((child) => child != null));
  return element;
}

/** Shows a text in an element, or hides it if there is none. */
export function say(element, text) {
  element.textContent = text ?? '';
  element.hidden = !text;
}

/**
 * Brings a list of elements to what it should be, keeping those that stay, so that the focus is not
 * lost.
 *
 * @param list whose children have their key as `data-key`
 * @param items to show, in order
 * @param key of an item
 * @param create makes the element of a new item
 * @param update brings an element up to date
 */
export function reconcile(list, items, key, create, update) {
  const known = new Map([...list.children].map((child) => [child.dataset.key, child]));
  let at = list.firstElementChild;
  for (const item of items) {
    let element = known.get(key(item));
    if (element) {
      known.delete(key(item));
    } else {
      element = create(item);
      element.dataset.key = key(item);
    }
    if (element === at) {
      at = at.nextElementSibling;
    } else {
      list.insertBefore(element, at);
    }
    update(element, item);
  }
  known.forEach((element) => element.remove());
}
