import DocumentTree
import JSONText
import ManualPages
import Testing

@Suite("Document reference")
struct DocumentReferenceTests {
    private static let item = [
        DocumentEntry(name: "id", shape: .text("a text"), isRequired: true, explanation: "Its id."),
        DocumentEntry(
            name: "weight", shape: .integer(1...9), standard: 1, isRequired: true, explanation: "Its weight."),
        DocumentEntry(name: "tags", shape: .list(.text("a text")), standard: [], explanation: "Words | marks."),
    ]

    private static let look = [
        DocumentEntry(name: "colour", shape: .choice(["red", "green"]), standard: "red", explanation: "The colour."),
        DocumentEntry(name: "open", shape: .truth, standard: false, explanation: "Whether it is open."),
    ]

    private static let named = DocumentShape.mapping(
        DocumentNames("name", "a name without '.'", without: "."), .table([item[1]]))

    private static let entries = [
        DocumentEntry(name: "title", shape: .text("a text"), standard: "none", explanation: "The title."),
        DocumentEntry(name: "look", shape: .table(look), explanation: "How it looks."),
        DocumentEntry(name: "items", shape: .list(.table(item)), standard: [], explanation: "What is in it."),
        DocumentEntry(name: "named", shape: named, explanation: "By name."),
        DocumentEntry(name: "both", shape: .either([.truth, .choice(["x"])]), explanation: "Either."),
    ]

    @Test("each key has a row, after the key that it is below")
    func table() {
        let expected = """
            | key | value | default | meaning |
            |---|---|---|---|
            | `title` | a text | `none` | The title. |
            | `look` | a mapping |  | How it looks. |
            | `look.colour` | `red` or `green` | `red` | The colour. |
            | `look.open` | `true` or `false` | `false` | Whether it is open. |
            | `items` | a list, each a mapping | `[]` | What is in it. |
            | `items[].id` | a text | required | Its id. |
            | `items[].weight` | 1 to 9 | required | Its weight. |
            | `items[].tags` | a list, each a text | `[]` | Words \\| marks. |
            | `named` | a mapping by `name` |  | By name. |
            | `named.<name>.weight` | 1 to 9 | required | Its weight. |
            | `both` | `true` or `false`, or `x` |  | Either. |

            """
        #expect(Self.entries.reference == expected)
    }
}
