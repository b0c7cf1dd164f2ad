import Testing

@testable import DocumentTree

@Suite("Document reference")
struct DocumentReferenceTests {
    @Test("each key has a row, after the key that it is below")
    func table() {
        let expected = """
            | key | value | default | meaning |
            |---|---|---|---|
            | `title` | a text | `none` | The title. |
            | `look` | a mapping |  | How it looks. |
            | `look.colour` | `red` or `green` | `red` | The colour. |
            | `look.open` | `true` or `false` | `false` | Whether it is open. |
            | `folder` | an absolute path |  | Where it lies. |
            | `items` | a list, each a mapping | `[]` | What is in it. |
            | `items[].id` | a text | required | Its id. |
            | `items[].weight` | 1 to 9 | required | How heavy it is. |
            | `items[].tags` | a list, each a text | `[]` | Words \\| marks. |
            | `named` | a mapping by `name` |  | By name. |
            | `named.<name>.weight` | 1 to 9 | `1` | How heavy it is. |

            """
        #expect(Sample.table.entries.reference == expected)
    }
}
