/// Holds the kernel's command line as words, in order, quotes resolved as the kernel does (kernel `next_arg`).
package struct KernelCommandLine: Equatable, Sendable {
    /// One word: a name, and what follows the first `=` outside the name.
    package struct Word: Equatable, Sendable {
        /// What stands before the first `=`, or the whole word.
        package var name: String
        /// What follows the first `=`; nil when there is none.
        package var value: String?
    }

    /// The words in order.
    package var words: [Word]
    /// The words after ` -- `, which the kernel hands to init.
    package var initArguments: [String]

    /// Splits a command line; double quotes keep white space together.
    package init(parsing text: String) {
        let all = Self.split(text)
        words = all.prefix { $0 != "--" }.map(Self.word)
        initArguments = Array(all.drop { $0 != "--" }.dropFirst())
    }

    /// The value of the last word of that name; nil when there is none or it has no `=`.
    package func last(_ name: String) -> String? {
        words.last { $0.name == name }?.value
    }

    /// The values of all words of that name, in order.
    package func all(_ name: String) -> [String] {
        words.filter { $0.name == name }.compactMap(\.value)
    }

    /// Says whether a word of that name is there and is not switched off (`0`, `no`, `off`, `false`).
    package func flag(_ name: String) -> Bool {
        guard let word = words.last(where: { $0.name == name }) else { return false }
        return !["0", "no", "off", "false"].contains(word.value ?? "")
    }

    private static func split(_ text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var quoted = false
        for character in text.unicodeScalars {
            switch character {
            case "\"": quoted.toggle()
            case " ", "\t", "\n", "\r", "\0":
                if quoted { word.unicodeScalars.append(character) } else { Self.finish(&word, &words) }
            default: word.unicodeScalars.append(character)
            }
        }
        finish(&word, &words)
        return words
    }

    private static func finish(_ word: inout String, _ words: inout [String]) {
        if !word.isEmpty { words.append(word) }
        word = ""
    }

    private static func word(_ text: String) -> Word {
        guard let equals = text.firstIndex(of: "=") else { return Word(name: text, value: nil) }
        return Word(name: String(text[..<equals]), value: String(text[text.index(after: equals)...]))
    }
}
