internal import Rendering

/// A guess before a run, and behind it what came out.
struct GuessContent: HandleContent {
    let kind = HandleKind.result
    let question: String
    /// What can be chosen from; empty where a number is asked for.
    let choices: [String]
    /// Nil where nobody was asked or nothing was guessed.
    var guess: Scalar?
    var answer: Scalar?

    var summary: String { "a guess: \(question)" }
    var fields: Fields {
        var fields = Fields()
        fields["guess"] = guess
        fields["answer"] = answer
        if case .number(let guessed)? = guess, case .number(let found)? = answer {
            fields["error"] = .number(guessed - found)
        }
        return fields
    }

    /// How the guess and the answer lie to each other; nil without both.
    var verdict: String? {
        guard let guess, let answer else { return nil }
        let style = NumberStyle.significant(4)
        guard case .number(let guessed) = guess, case .number(let found) = answer else {
            return guess == answer ? "you guessed so" : "you guessed \(style.text(guess))"
        }
        let difference = guessed - found
        let words =
            difference == 0 ? "exactly" : "\(style.text(abs(difference))) too \(difference > 0 ? "high" : "low")"
        return "you guessed \(style.text(guessed)), \(words)"
    }

    /// A typed answer as a guess: a number, or a choice by its number, its words or their beginning; nil where it is none.
    func reading(_ text: String) -> Scalar? {
        guard !choices.isEmpty else {
            let isPercent = text.hasSuffix("%")
            guard let number = Double(isPercent ? text.dropLast() : text[...]), number.isFinite else { return nil }
            return .number(isPercent ? number / 100 : number)
        }
        if let number = Int(text), choices.indices.contains(number - 1) { return .text(choices[number - 1]) }
        let fitting = choices.filter { $0.lowercased().hasPrefix(text.lowercased()) }
        return (choices.contains(text) ? text : fitting.count == 1 ? fitting.first : nil).map(Scalar.text)
    }

    /// The question as it is put.
    var prompt: String {
        let list = choices.enumerated().map { "  \($0 + 1)  \($1)" }
        return ([question] + list + ["a \(choices.isEmpty ? "number" : "choice"), or Return to leave it"])
            .joined(separator: "\n")
    }
}
