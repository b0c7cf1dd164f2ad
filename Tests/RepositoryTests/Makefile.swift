import Foundation
import Testing

/// The entry points of the checkout.
struct Makefile {
    /// Prerequisites and recipe lines of each target.
    var rules: [String: (prerequisites: [String], recipe: [String])] = [:]

    /// Reads the Makefile of the checkout.
    init() throws {
        var current = ""
        for line in try Repository.text("Makefile").split(separator: "\n") {
            if line.hasPrefix("\t") {
                rules[current]?.recipe.append(String(line.dropFirst()))
            } else if let match = line.prefixMatch(of: /([a-z][a-z-]*):([^=#]*)/) {
                current = String(match.output.1)
                rules[current] = (match.output.2.split(separator: " ").map(String.init), [])
            } else {
                current = ""
            }
        }
    }

    /// The targets that a script makes.
    func called(in script: String) -> [String] {
        script.split(separator: "\n").filter { !$0.hasPrefix("#") }
            .flatMap { $0.matches(of: /\bmake ([a-z-]+)/).map { String($0.output.1) } }
    }

    /// Targets, their prerequisites, and so on.
    func closure(of targets: [String]) -> Set<String> {
        var reached = Set(targets)
        var open = targets
        while let next = open.popLast() {
            open += (rules[next]?.prerequisites ?? []).filter { reached.insert($0).inserted }
        }
        return reached
    }
}

@Suite("Makefile")
struct MakefileTests {
    @Test("recipes are short; longer work is a script")
    func short() throws {
        for (target, rule) in try Makefile().rules {
            #expect(rule.recipe.count <= 2, "\(target): move it to scripts/")
        }
    }

    @Test("every script that a recipe calls is there and may be run")
    func scripts() throws {
        for (target, rule) in try Makefile().rules {
            for match in rule.recipe.flatMap({ $0.matches(of: /scripts\/[a-z-]+/) }) {
                let path = Repository.root.appending(path: String(match.output)).path
                #expect(FileManager.default.isExecutableFile(atPath: path), "\(target): \(match.output) is not there")
            }
        }
    }

    @Test("every target says what it does in `make help`")
    func help() throws {
        let text = try Repository.text("Makefile")
        for target in try Makefile().rules.keys {
            let line = text.split(separator: "\n").first { $0.hasPrefix("\(target):") }
            #expect(line?.contains("## ") == true, "\(target) has no ## explanation")
        }
    }
}
