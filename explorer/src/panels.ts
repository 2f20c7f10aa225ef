/** The panels below the answers. They are a file of their own, so that the answers come first. */

import type { Client } from "./client";
import type { Current } from "./main";
import { Matching } from "./matching";
import { Proof } from "./proof";
import { SharePanel } from "./share-panel";
import { SourcePanel } from "./source-panel";

interface Events {
  onText(text: string): void;
  onPattern(pattern: string, bytes: boolean, flags: string): void;
}

export class Panels {
  private readonly matching: Matching;
  private readonly proof: Proof;
  private readonly share = new SharePanel();

  constructor(client: Client, { onText, onPattern }: Events) {
    this.matching = new Matching(client, onText);
    this.proof = new Proof(client);
    new SourcePanel(onPattern);
    document.documentElement.dataset["panels"] = "loaded";
  }

  show(current: Current): void {
    this.matching.show(current);
    this.proof.show(current);
    this.share.show(current);
  }

  setText(text: string): void {
    this.matching.setText(text);
  }
}
