import { expect, type Locator, type Page } from '@playwright/test';
import type { AgentLogin } from './stand.ts';

/** The console as an agent uses it: what can be seen and pressed. */
export class ConsolePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async logIn(url: string, agent: AgentLogin): Promise<void> {
    await this.page.goto(url);
    await this.page.getByLabel('Email').fill(agent.email);
    await this.page.getByLabel('Password', { exact: true }).fill(agent.password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    await expect(this.connection).toHaveAttribute('data-kind', 'online');
  }

  get connection(): Locator {
    return this.page.getByTestId('connection');
  }

  get composer(): Locator {
    return this.page.getByTestId('composer');
  }

  get field(): Locator {
    return this.composer.getByRole('textbox');
  }

  row(subject: string): Locator {
    return this.page.getByRole('option').filter({ hasText: subject });
  }

  message(text: string): Locator {
    return this.page.getByTestId('message').filter({ hasText: text });
  }

  state(text: string): Locator {
    return this.message(text).getByTestId('delivery-state');
  }

  showQueue(name: string): Promise<void> {
    return this.page.getByRole('navigation', { name: 'Queues' }).getByRole('button', { name }).click();
  }

  async open(subject: string): Promise<void> {
    await this.showQueue('All');
    await this.row(subject).click();
    await expect(this.page.getByRole('heading', { name: subject })).toBeVisible();
  }

  async reply(text: string): Promise<void> {
    await this.field.fill(text);
    await this.composer.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(this.message(text)).toBeVisible();
  }
}
