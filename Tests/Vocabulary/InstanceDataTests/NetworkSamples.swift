import Testing

/// Documents in each language, and the files that they become.
enum NetworkSamples {
    struct Sample: Sendable, CustomTestStringConvertible {
        var name: String
        var text: String
        var files: String
        var remarks: [String] = []
        var testDescription: String { name }
    }

    static let all: [Sample] = version1 + version2 + openStack
}
